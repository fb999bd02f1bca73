package hte
