package hf

func readUnknown(b *builder) {}
