"""Other tools of the field beside ours, each in an environment of its own, in the same browser run.

    python -m venv OTHERS/label-studio && OTHERS/label-studio/bin/pip install label-studio

None of them is needed for anything else, and nothing here imports them.
"""
