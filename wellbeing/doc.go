package wellbeing
