"""Priors: what is known about the data before any label, as pairs of images that belong together. No torch."""

from engine.priors import (  # each registers itself; a new prior is one file and one name here
    augmentation,
    magnification,
    modality,
    same_folder,
    same_group,
    same_patient,
    same_slide,
    sequence_order,
    serial_section,
    spatial_neighbour,
    stain,
    taxonomy,
    temporal_neighbour,
)
from engine.priors.base import PRIORS, Coverage, Prior, PriorSpec
from engine.priors.build import build_priors, describe_priors, parse_prior, prior_text
from engine.priors.compose import Pairing
from engine.priors.gallery import gallery

__all__ = [
    "PRIORS",
    "Coverage",
    "Pairing",
    "Prior",
    "PriorSpec",
    "augmentation",
    "build_priors",
    "describe_priors",
    "gallery",
    "magnification",
    "modality",
    "parse_prior",
    "prior_text",
    "same_folder",
    "same_group",
    "same_patient",
    "same_slide",
    "sequence_order",
    "serial_section",
    "spatial_neighbour",
    "stain",
    "taxonomy",
    "temporal_neighbour",
]
