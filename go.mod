module moecost

go 1.26.0

require (
	github.com/go-echarts/go-echarts/v2 v2.7.2
	github.com/syumai/workers v0.32.0
	golang.org/x/image v0.47.0
	honnef.co/go/js/dom/v2 v2.0.0-20250304181735-b5e52f05e89d
)

require (
	golang.org/x/sys v0.49.0 // indirect
	golang.org/x/text v0.43.0 // indirect
)
