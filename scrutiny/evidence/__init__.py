"""Items and files kept, checked, marked and citable. Never what was concluded from them."""
