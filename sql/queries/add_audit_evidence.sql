insert into audit_evidence (log, size, witness, kind, body)
select id, %(size)s, %(witness)s, %(kind)s, %(body)s
from audit_log
where origin = %(origin)s
on conflict do nothing;
