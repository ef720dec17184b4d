package preset_test

import (
	"fmt"

	"moecost/core/arch/preset"
)

func ExampleByID() {
	p, ok := preset.ByID("moonshotai/Kimi-K2-Instruct") // Hub ids and aliases work as well
	fmt.Println(p.ID, ok)
	r, err := p.Reading()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("published:", p.TotalPublished, "counted:", r.Model.TotalParams())

	_, err = func() (any, error) { p, _ := preset.ByID("gemini-1.5"); return p.Reading() }()
	fmt.Println(err)
	// Output:
	// kimi-k2 true
	// published: 1T counted: 1026408232448
	// gemini-1.5: no description: its sizes are not public; describe what you assume as a custom model
}
