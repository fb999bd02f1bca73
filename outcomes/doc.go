package outcomes
