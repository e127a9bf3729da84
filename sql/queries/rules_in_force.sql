select kind, digest from in_force;
