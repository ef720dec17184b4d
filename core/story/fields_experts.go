package story

import (
	"moecost/core/quantity"
)

// expertFields are the controls of popularity and placement. Those of online
// rebalancing have nothing to do while it is off, nor has the law where experts were counted.
func (v voice) expertFields(fields map[string]Field) {
	if !v.moe() {
		return
	}
	s := v.r.Scenario
	fields["skew"] = Field{Value: skewText(s.Skew)}
	fields["law"] = Field{Chosen: s.Law, Options: choicesOf("law")}
	fields["eplb"] = Field{Chosen: s.EPLB, Options: choicesOf("eplb")}
	fields["spare"] = Field{Value: quantity.Integer(int64(v.ask.Spare))}
	fields["place"] = Field{Chosen: s.Place, Options: choicesOf("place")}
	fields["drift"] = Field{Value: quantity.Significant(s.Drift, 3)}
	fields["interval"] = Field{Value: quantity.Integer(s.Interval)}
	fields["moves"] = Field{Chosen: s.Moves, Options: choicesOf("moves")}
	fields["fabric"] = Field{Chosen: s.Fabric, Options: choicesOf("fabric")}
	fields["layer"] = Field{}
	if l := v.r.LoadedLayer(); l != nil && l.Number > 0 {
		fields["layer"] = Field{Value: quantity.Integer(int64(l.Number)), Auto: v.ask.Layer == 0}
	}
}
