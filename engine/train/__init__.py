"""Training: config and judgement load without torch; loop, schedule, monitors, checkpoint and measure need it."""
