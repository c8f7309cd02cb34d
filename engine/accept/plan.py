"""What is asked of an audit, written down before the first answer is checked."""

from __future__ import annotations

from dataclasses import dataclass

from engine.accept import conformal
from engine.accept.bounds import needed
from engine.errors import SettingInvalid

MODES = {  # name → what it promises, in plain words
    "sequence": "a bound on the share of wrong answers itself, kept in 95 of 100 audits (at a confidence of 95 %)",
    "conformal": "a bound on the average: over many audits the shares of wrong answers average at most the bound, and "
    "single ones may lie above it",
}
CLASS = "class"  # the value of `by` that asks for a promise for every class on its own


@dataclass(frozen=True)
class AuditPlan:
    """What to promise, and of which answers. Fixed when the audit is drawn: chosen later it would be chosen to pass."""

    error: float = 0.05  # share of wrong answers that is allowed, in (0, 1)
    confidence: float = 0.95  # chance with which the promise must hold, in (0, 1); conformal mode promises an average
    mode: str = "sequence"  # one of MODES
    by: str = ""  # CLASS or a column of the table, for a promise in each class or group; "" for all together
    floor: float = 0.0  # least probability of the answers that it is about, in [0, 1]

    def check(self) -> None:
        """Raises SettingInvalid where a value lies outside its range."""
        for name, value in (("error", self.error), ("confidence", self.confidence)):
            if not 0 < value < 1:
                raise SettingInvalid(f"“{name}” is a share between 0 and 1, such as 0.05; {value:g} came.")
        if self.mode not in MODES:
            raise SettingInvalid(f"“mode” is one of {', '.join(MODES)}; “{self.mode}” is none of them.")
        if not 0 <= self.floor <= 1:
            raise SettingInvalid(f"“above” is a probability from 0 to 1; {self.floor:g} came.")

    def level(self, parts: int) -> float:
        """The confidence with which each of so many promises must hold, for all of them to hold (Bonferroni)."""
        return 1 - (1 - self.confidence) / max(parts, 1)

    def needed(self, parts: int = 1, wrong: int = 0) -> int:
        """Answers to check in each of so many parts for anything to be taken over, if `wrong` of them are wrong."""
        if self.mode == "conformal":
            return conformal.fewest(self.error, wrong)
        return needed(self.error, self.level(parts), wrong)

    def promise(self, parts: int = 1) -> str:
        """The promise in one sentence, without saying whether it can be given."""
        share = percent(self.error)
        where = "" if not self.by else " of each class" if self.by == CLASS else f" of each {self.by}"
        if self.mode == "conformal":
            return f"on average over many audits, at most {share} of the answers taken over{where} are wrong"
        together = " (all of them together)" if parts > 1 else ""
        return (
            f"with {percent(self.confidence)} confidence{together}, at most {share} of these answers{where} are wrong"
        )


def percent(share: float) -> str:
    """“5%”, “99.5%”."""
    return f"{100 * share:.3g}%"
