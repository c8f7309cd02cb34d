"""Every error a user can cause. The message says what was wrong, what came, and the next step.

EngineError
├── ProjectError
│   ├── ProjectMissing        no project at this path, or its project.json cannot be read
│   ├── ProjectExists         the folder already holds a project
│   └── PathNotAllowed        a path outside the allowed roots, or inside the user's images
├── ImageError
│   ├── UnreadableImage       one file that no reader can open; scan lists it and goes on
│   ├── NoImages              a folder without a single usable image
│   ├── UnreadableSlide       a file that is no slide, or a damaged one; tiling lists it and goes on
│   └── SlideScaleUnknown     a slide that does not say its scale, or holds none of those asked for
├── TableError
│   ├── PatternInvalid        a regular expression that does not compile or names no group
│   ├── ColumnMissing         a column that the image table does not have
│   ├── ColumnUnusable        a column that holds text where numbers are needed, or the other way round
│   └── TableUnreadable       a CSV or Parquet file that cannot be read or lacks its path column
├── SettingError
│   ├── UnknownName           a name that is not registered (says which is meant, lists the rest)
│   └── SettingInvalid        a value outside its type or range
├── LabelError
│   ├── UnknownImage          an image id or path that is not in the project
│   ├── UnknownClass          a class that does not exist, or exists no longer
│   ├── ClassExists           a second class of the same name
│   ├── TooFewLabels          a computation that needs more labels or classes than there are
│   ├── LabelsUnreadable      labels.sqlite is damaged, locked or may not be written
│   ├── PropagationMissing    no saved propagation of this name
│   ├── SelectionMissing      no saved selection of this name
│   ├── AuditMissing          no audit is open, or its file cannot be read
│   ├── AuditOpen             an audit is open that must be closed first
│   └── NothingToUndo         the log holds no event that could be undone
├── JobError
│   ├── RunMissing            no run of this name
│   ├── RunActive             the run is still working, or cannot be resumed from where it is
│   ├── RunFailed             the worker ended with an error; the sentence says which
│   ├── WeightsMissing        pretrained weights that are not on this machine, or could not be fetched
│   ├── BenchMissing          no benchmark of this name, or none with a result
│   └── CheckpointUnreadable  a checkpoint that is damaged or made for another network
├── EmbeddingError
│   ├── EmbeddingMissing      no embedding, graph or map of this name
│   └── EmbeddingStale        made from images or weights that have changed since
├── ExportError               a target that cannot be written
└── ExtraMissing              an optional package that is not installed; names the line to type
"""


class EngineError(Exception):
    """Base of all errors that are the user's to mend; the message is one or two plain sentences."""


class ProjectError(EngineError):
    pass


class ProjectMissing(ProjectError):
    pass


class ProjectExists(ProjectError):
    pass


class PathNotAllowed(ProjectError):
    pass


class ImageError(EngineError):
    pass


class UnreadableImage(ImageError):
    pass


class NoImages(ImageError):
    pass


class UnreadableSlide(ImageError):
    pass


class SlideScaleUnknown(ImageError):
    pass


class TableError(EngineError):
    pass


class PatternInvalid(TableError):
    pass


class ColumnMissing(TableError):
    pass


class ColumnUnusable(TableError):
    pass


class TableUnreadable(TableError):
    pass


class SettingError(EngineError):
    pass


class UnknownName(SettingError):
    pass


class SettingInvalid(SettingError):
    pass


class LabelError(EngineError):
    pass


class UnknownImage(LabelError):
    pass


class UnknownClass(LabelError):
    pass


class ClassExists(LabelError):
    pass


class TooFewLabels(LabelError):
    pass


class LabelsUnreadable(LabelError):
    pass


class PropagationMissing(LabelError):
    pass


class SelectionMissing(LabelError):
    pass


class AuditMissing(LabelError):
    pass


class AuditOpen(LabelError):
    pass


class NothingToUndo(LabelError):
    pass


class JobError(EngineError):
    pass


class RunMissing(JobError):
    pass


class RunActive(JobError):
    pass


class RunFailed(JobError):
    pass


class WeightsMissing(JobError):
    pass


class BenchMissing(JobError):
    pass


class CheckpointUnreadable(JobError):
    pass


class EmbeddingError(EngineError):
    pass


class EmbeddingMissing(EmbeddingError):
    pass


class EmbeddingStale(EmbeddingError):
    pass


class ExportError(EngineError):
    pass


class ExtraMissing(EngineError):
    pass
