"""Training: config, judgement, plateau and traps load without torch, all else needs it."""
