"""Who gets what from where, and why. Pure: numbers in, numbers out.

``model`` says what is given and what an answer is; ``ladder`` turns a policy into an order of claims,
``levels`` serves them as far as the stock goes, ``transport`` by the shortest roads (``nested`` where a
limit of several villages leaves the choice to them). ``rounds`` plans items that share ``limits``. ``fairness`` measures, ``explain`` and ``difference`` say why.
"""
