package dcrs
