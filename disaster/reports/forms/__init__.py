"""The statutory forms as workbooks (.xlsx): written for the clerk, read back cell by cell."""
