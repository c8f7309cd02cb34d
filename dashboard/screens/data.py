"""Data: what the folder of images turned out to hold, and what is known of each image."""

from functools import partial

import streamlit as st

from dashboard import reads, state
from dashboard.parts import words
from dashboard.parts.committing import commit_button
from dashboard.parts.empty import empty
from dashboard.parts.facts import facts
from dashboard.parts.heading import heading
from dashboard.parts.image_quality import image_quality
from dashboard.parts.meter import meter
from dashboard.parts.name_builder import forget, name_builder
from dashboard.parts.pictures import Picture, sheet
from dashboard.parts.table_join import table_join
from engine import home, jobs
from engine.errors import NoImages
from engine.glance import sample_rows
from engine.images.overview import ColumnSummary, Overview
from engine.jobs.status import Status
from engine.project import ColumnSettings, change_columns

FOLDER = "folder_"  # begins the names of columns that nobody has named yet
PICTURES = 60


def scanning() -> Status | None:
    """The scan that is at work, if any; a tiling ends in one."""
    return next((job for job in jobs.statuses(project) if job.kind in ("prepare", "tile") and job.active), None)


def watch_scan() -> None:
    """Progress of the scan; the screen is drawn anew when it has ended."""
    job = scanning()
    if job is None:
        st.rerun()
    said = " · ".join(part for part in (job.message, words.time_left(job.seconds_left)) if part)
    st.progress(job.fraction, said)


def failed_scan() -> str:
    """Why the last scan failed; "" where it did not."""
    last = next((job for job in jobs.statuses(project) if job.kind == "prepare"), None)
    return last.error if last and last.state == "failed" else ""


def rescan(columns: ColumnSettings | None = None) -> None:
    """Read the folder again, in the background, with other columns where they are given."""
    if columns:
        change_columns(project, columns)
    jobs.start(project, jobs.PrepareRequest())


def head(found: Overview) -> None:
    """The counts."""
    width, height = found.widths[1], found.heights[1]
    kinds = ", ".join(f"{count:,} {kind.lstrip('.')}" for kind, count in found.formats.items())
    modes = ", ".join(found.modes)
    facts(
        [
            (f"{found.images:,}", f"images ({kinds})"),
            (f"{width} × {height}", f"pixels, the median; {modes}"),
            (words.size(found.bytes), "on disk, never written to"),
            (f"{found.suggested_size} px", "suggested for training"),
            (f"{len(found.bad):,}", "files that cannot be read"),
        ]
    )
    st.caption(found.reason)


def contact_sheet() -> None:
    """Some images, evenly from the whole table."""
    table = reads.table(project)
    rows = sample_rows(table, PICTURES)
    st.header("A look at the images", anchor=False)
    sheet(project, [Picture(table.contents[row], table.paths[row]) for row in rows], "4.6rem")


def columns(found: Overview) -> None:
    """One column at a time: how many values, how many empty, which are frequent."""
    st.header("What is known of each image", anchor=False)
    if not found.columns:
        st.markdown(
            "Nothing beside the picture itself. File names, folders or a table often tell the patient, the slide or "
            "the magnification: read them in under **Where columns come from**."
        )
        return
    by_name = {one.name: one for one in found.columns}
    picked = st.pills(
        "Column",
        list(by_name),
        default=next((name for name in by_name if not name.startswith(FOLDER)), next(iter(by_name))),
        key="column",
        label_visibility="collapsed",
        required=True,
        wrap=True,
    )
    column_facts(by_name[str(picked)])


def column_facts(column: ColumnSummary) -> None:
    """The summary of one column."""
    said = [words.count(column.distinct, "distinct value")]
    if column.range:
        said.append(f"{column.range[0]:g} to {column.range[1]:g}")
    said.append(f"{words.count(column.empty, 'image')} without one" if column.empty else "none empty")
    st.caption(" · ".join(said))
    meter(column.top)
    if more := column.distinct - len(column.top):
        st.caption(f"and {words.count(more, 'more value')}")


def names() -> None:
    """Other columns from the names; applied by a rescan."""
    settings = name_builder(project.images, project.columns, "data")
    with st.container(horizontal=True, vertical_alignment="center"):
        unchanged = settings is None or settings == project.columns

        def use() -> None:
            rescan(settings)
            forget("data")

        commit_button(
            "Use these columns",
            use,
            waits=True,
            type="primary",
            disabled=unchanged or scan is not None,
            key="use-columns",
        )
        st.caption("A rescan applies them. Labels stay with their images.")


def table() -> None:
    """Another table about the images; applied by a rescan."""
    settings = table_join(project.images, project.columns, "data", project)
    unchanged = settings is None or settings == project.columns
    commit_button(
        "Join these columns",
        partial(rescan, settings),
        waits=True,
        type="primary",
        disabled=unchanged or scan is not None,
        key="join-columns",
    )


def sources() -> None:
    """Where columns come from, to look at and to change."""
    st.header("Where columns come from", anchor=False)
    with st.expander("What the file names say", icon=":material/text_fields:"):
        st.fragment(names)()
    with st.expander("A table about the images", icon=":material/table_rows:"):
        st.fragment(table)()


def troubles(found: Overview) -> None:
    """What is not there, or there twice."""
    notes = [
        f"{words.count(found.missing, 'image')} seen before, not there now; labels come back with the file."
        if found.missing
        else "",
        f"{words.count(found.duplicates, 'exact copy')} of other images." if found.duplicates else "",
    ]
    for note in filter(None, notes):
        st.caption(note)


def bad_files(found: Overview) -> None:
    """What cannot be used, with the reason for each."""
    if len(found.bad):
        with st.expander(f"{words.count(len(found.bad), 'file')} that cannot be read", icon=":material/broken_image:"):
            st.dataframe(found.bad, hide_index=True, row_height=30)


def drawn() -> None:
    """The screen of a project that has been scanned."""
    found = reads.overview(project)
    st.space("xxsmall")
    head(found)
    st.space("xsmall")
    left, right = st.columns([3, 2], gap="large")
    with left:
        contact_sheet()
    with right:
        columns(found)
        troubles(found)
        if st.button("Next: what belongs together", icon=":material/arrow_forward:", type="primary"):
            state.go("prior")
    bad_files(found)
    with st.expander("Blank, blurred and repeated images", icon=":material/blur_on:"):
        image_quality(project)
    sources()


top = st.container(horizontal=True, vertical_alignment="bottom")
with top.container():
    opened = state.project_or_none()
    heading(
        "Data",
        f"The images in {home.said(opened.images)}."
        if opened
        else "What a folder of images holds, and what its names tell.",
    )
project = state.project()
scan = scanning()
with top:
    commit_button("Rescan", rescan, icon=":material/refresh:", disabled=scan is not None)
if scan:
    st.fragment(watch_scan, run_every="1s")()
elif reason := failed_scan():
    st.warning(f"The last scan failed. {reason}", icon=":material/info:")
try:
    drawn()
except NoImages as error:
    if scan:
        empty(
            "The images are being read",
            "Each is opened once, for its size and a small picture. What is in them stands here when that is done. You "
            "may leave, or close the browser.",
        )
    else:
        empty("No images yet", str(error), action="Choose another folder", screen="project", icon="folder_open")
