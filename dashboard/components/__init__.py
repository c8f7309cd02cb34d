"""Our two browser components: `map` (scatter) and `grid` (thumbnails). Plain JavaScript, no bundler, no CDN.

Each is a folder: `__init__.py` (what Python calls), one `.js` file per idea, one `.css`. Shared by both: `shared/`
(JavaScript), `bundle.py` (joins the files), `packing.py` (arrays as text), `events.py` (events, each handled once).
"""
