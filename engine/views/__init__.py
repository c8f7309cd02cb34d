"""Views: one image, many random looks at it. recipe.py loads without torch; draw.py needs it."""
