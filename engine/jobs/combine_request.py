"""What a combination of embeddings is asked to be. No torch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, ClassVar

from engine.combine import Weights, check_parts, given_weights, learnt_weights, weights_of
from engine.embeddings import fresh_embedding
from engine.images.table import read_table
from engine.jobs.checks import check_map, check_name
from engine.project import Project


@dataclass(frozen=True)
class CombineRequest:
    """Put embeddings side by side as one, find every image's neighbours in it, draw the map."""

    kind: ClassVar[str] = "combine"
    parts: tuple[str, ...] = ()  # names of embeddings
    weights: tuple[float, ...] = ()  # one a part; none for those that left-out labels speak for
    weights_of: str = ""  # or another combination, whose weights to take
    group: str = ""  # column whose groups are left out whole when weights are judged
    name: str = ""  # of the embedding; "" for one made from the parts
    seed: int = 0  # of the map
    map: str = "umap"  # the map to draw when the neighbours are known; "" for none

    @classmethod
    def again(cls, about: Mapping[str, Any]) -> CombineRequest:
        """The request that makes a combination anew with the weights it has, from its about.json."""
        parts = about["parts"]
        return cls(tuple(one["name"] for one in parts), tuple(one["weight"] for one in parts), name=about["name"])

    @property
    def embedding(self) -> str:
        """The name of the embedding that will be written."""
        return self.name or "+".join(self.parts)

    @property
    def title(self) -> str:
        return f"Combining {' and '.join(self.parts)}"

    @property
    def stem(self) -> str:
        return f"combine-{self.embedding}"

    def chosen_weights(self, project: Project) -> Weights:
        """The weights given, another combination's, or those that today's labels speak for."""
        if self.weights:
            return given_weights(self.weights)
        if self.weights_of:
            return weights_of(project, self.weights_of, len(self.parts))
        return learnt_weights(project, self.parts, self.group)

    def as_json(self) -> dict[str, Any]:
        return {"kind": self.kind, **asdict(self)}

    def check(self, project: Project) -> None:
        """Raise the EngineError that would otherwise come from the worker."""
        check_name(self.embedding)
        check_parts(self.parts, self.embedding, self.weights)
        for part in self.parts:
            fresh_embedding(project, part)
        if self.weights or self.weights_of:
            self.chosen_weights(project)
        if self.group:
            read_table(project).column(self.group)
        if self.map:
            check_map(self.map)
