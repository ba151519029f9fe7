"""How a spreadsheet shows what a cell holds: its number formats, as Excel reads them. Pure."""
