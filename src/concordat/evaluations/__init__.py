"""The Evaluation Registry.

Nouns: Evaluation, Plan, Report, Exemption, Project, Question. A body drafts an evaluation, a named
approver signs it off, it is published; every change after that is a version of its plan with a
reason; reports are set against what was promised; clocks and coverage are computed when read.
"""
