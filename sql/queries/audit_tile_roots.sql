select coalesce(string_agg(root, ''::bytea order by number), ''::bytea)
from audit_tile
where log = %(log)s and level = %(level)s and number >= %(start)s and number < %(stop)s
