"""How a spreadsheet shows what a cell holds."""
