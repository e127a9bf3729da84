select evidence.size, evidence.witness, evidence.kind, evidence.body
from audit_evidence as evidence
join audit_log as log on log.id = evidence.log
where log.origin = %(origin)s and evidence.size > %(after)s and evidence.size <= %(most)s
order by evidence.size, evidence.witness, evidence.kind;
