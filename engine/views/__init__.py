"""Views: one image, many random looks at it. The recipe (recipe.py) loads without torch; the drawing (draw.py) needs it."""
