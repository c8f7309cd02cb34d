"""What the stages of jobs do: one `run(context)` per file, found by name in engine/jobs/stages.py."""
