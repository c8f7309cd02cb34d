"""Slides: whole-slide images → tiles on disk with the columns that priors need. OpenSlide is loaded only when used."""
