package quantity_test

import (
	"fmt"

	"moecost/core/quantity"
)

func Example() {
	fmt.Printf("%+q\n", quantity.Bytes.Text(quantity.Decimal, 85_520_809_984))
	fmt.Printf("%+q\n", quantity.Bytes.Text(quantity.Binary, 85_520_809_984))
	fmt.Printf("%+q\n", quantity.Bytes.Full(85_520_809_984))
	// Output:
	// "85.5\u00a0GB"
	// "79.6\u00a0GiB"
	// "85,520,809,984\u00a0bytes"
}

func ExampleKind_Predicted() {
	p := quantity.Seconds.Predicted(quantity.Decimal, 0.0298, 0.0248, 0.0352)
	fmt.Println(p.Number, p.Scale.Unit, p.Range)
	// Output:
	// 30 ms 25–35
}

func ExampleKind_Column() {
	values := []float64{40.312e9, 2.5e9, 3.1e6}
	column := quantity.Bytes.Column(quantity.Decimal, values...)
	fmt.Println(column.Unit)
	for _, v := range values {
		fmt.Println(column.Ledger(v))
	}
	// Output:
	// GB
	// 40.31
	// 2.50
	// < 0.01
}

func ExampleKind_Parse() {
	v, err := quantity.Bytes.Parse("2.5 GB", 1e9)
	fmt.Println(v, err)
	_, err = quantity.Tokens.Parse("1,5", 1)
	fmt.Println(err)
	// Output:
	// 2.5e+09 <nil>
	// "1,5": a comma separates thousands here (1,024); write decimals with a point (1.5)
}
