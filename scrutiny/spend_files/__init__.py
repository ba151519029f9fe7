"""The spend files that public bodies publish, understood: which column is what, each payment to the penny, each row left out
and why. Pure: no table, no Flask. Bytes become rows in file_reading; what is kept of a file is the ledger's."""
