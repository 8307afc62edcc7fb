"""Files of places on their way in: kept, previewed, checked as a whole, then taken over by the services.

``files`` keeps what was uploaded, ``kinds`` says what may come in and guesses columns, ``check`` turns
rows into drafts or errors, ``services`` makes all of them real or none.
"""
