module moecost

go 1.26
