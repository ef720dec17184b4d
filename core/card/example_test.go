package card_test

import (
	"bytes"
	"fmt"
	"image/png"

	"moecost/core/card"
	"moecost/core/report"
	"moecost/core/story"
)

func ExampleSocial() {
	ask, _ := report.Catalogue().Decode("model=kimi-k2&gpu=h200&gpus=16")
	r, err := report.Build(report.Question{Scenario: ask})
	if err != nil {
		fmt.Println(err)
		return
	}
	picture := card.Social(story.Opening(ask, r), card.Light)
	file, err := picture.PNG()
	if err != nil {
		fmt.Println(err)
		return
	}
	size, _ := png.DecodeConfig(bytes.NewReader(file))
	fmt.Println(r.Scenario.ModelName)
	fmt.Println(size.Width, "×", size.Height)
	// Output:
	// Kimi K2
	// 1200 × 630
}
