"""Parts draw what they are given and return what was chosen; one file per thing drawn."""
