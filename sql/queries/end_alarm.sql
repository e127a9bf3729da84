delete from audit_alarm where name = %(name)s returning raised_at;
