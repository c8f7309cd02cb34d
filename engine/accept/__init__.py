"""Take answers over as labels with a bound on how many of them are wrong, told by an audit.

A random part of the answers, an audit, is labelled by a person. From how many of them were wrong, exact tests say which
answers may be taken over.
"""

from engine.accept.accuracy import AuditedAccuracy, audited_accuracy
from engine.accept.audit import Audit, audits, close_audit, draw_audit, latest_audit, open_audit
from engine.accept.bounds import needed
from engine.accept.forecast import Forecast, Outlook, forecast, outlook, suggested_floor
from engine.accept.plan import MODES, AuditPlan
from engine.accept.state import AuditState, audit_state, label_audit, label_audit_from
from engine.accept.verdict import Verdict, accept_audited, judge

__all__ = [
    "MODES",
    "Audit",
    "AuditPlan",
    "AuditState",
    "AuditedAccuracy",
    "Forecast",
    "Outlook",
    "Verdict",
    "accept_audited",
    "audit_state",
    "audited_accuracy",
    "audits",
    "close_audit",
    "draw_audit",
    "forecast",
    "judge",
    "label_audit",
    "label_audit_from",
    "latest_audit",
    "needed",
    "open_audit",
    "outlook",
    "suggested_floor",
]
