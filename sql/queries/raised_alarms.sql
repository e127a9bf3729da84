select name, raised_at from audit_alarm order by raised_at, name;
