// Screens writes pictures of the built site: the whole page at the four widths
// of the design, light and dark, and any state that a fragment of script brings about.
//
//	cd scripts/browser && go run ./screens -o ../../build/screens
//	go run ./screens -o ../../build/screens -query 'model=kimi-k2&gpus=32' -widths 1440 -themes light
//	go run ./screens -o ../../build/screens -widths 1440 -height 900 -js 'document.querySelector(".fig").click()' -name popover
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	browser "moecost/scripts/browser"
)

type options struct {
	path, folder, query, widths, themes, script, until, name, media string
	height                                                          int
	scale                                                           float64
}

func main() {
	var o options
	flag.StringVar(&o.folder, "o", "build/screens", "folder for the pictures")
	flag.StringVar(&o.path, "path", "/", "path of the page")
	flag.StringVar(&o.query, "query", "", "the link's query, without ?")
	flag.StringVar(&o.widths, "widths", "1440,1024,768,390", "widths in CSS pixels")
	flag.StringVar(&o.themes, "themes", "light,dark", "colours")
	flag.StringVar(&o.script, "js", "", "script to run before the picture is taken")
	flag.StringVar(&o.until, "until", "true", "expression that must be true before the picture is taken")
	flag.StringVar(&o.name, "name", "page", "first part of the files' names")
	flag.StringVar(&o.media, "media", "", "print to see the page as it is printed")
	flag.IntVar(&o.height, "height", 0, "height of the window; 0 takes the whole page")
	flag.Float64Var(&o.scale, "scale", 1, "device pixels per CSS pixel")
	flag.Parse()
	if err := take(o); err != nil {
		fmt.Fprintln(os.Stderr, "screens:", err)
		os.Exit(1)
	}
}

func take(o options) error {
	if err := os.MkdirAll(o.folder, 0o755); err != nil {
		return err
	}
	server, err := browser.Serve()
	if err != nil {
		return err
	}
	defer server.Close()
	ctx, cancel, err := browser.Chromium()
	if err != nil {
		return err
	}
	defer cancel()
	for _, width := range strings.Split(o.widths, ",") {
		w, err := strconv.Atoi(width)
		if err != nil {
			return fmt.Errorf("widths: %w", err)
		}
		for _, theme := range strings.Split(o.themes, ",") {
			file := filepath.Join(o.folder, fmt.Sprintf("%s-%d-%s.png", o.name, w, theme))
			picture, err := shoot(ctx, o, server.URL+o.path+"?"+o.query, w, theme)
			if err != nil {
				return fmt.Errorf("%s: %w", file, err)
			}
			if err := os.WriteFile(file, picture, 0o644); err != nil {
				return err
			}
			fmt.Println(file)
		}
	}
	return nil
}

func shoot(parent context.Context, o options, address string, width int, theme string) ([]byte, error) {
	tab, cancel := chromedp.NewContext(parent)
	defer cancel()
	tab, stop := context.WithTimeout(tab, 60*time.Second)
	defer stop()
	height := o.height
	if height == 0 {
		height = 900
	}
	var picture []byte
	err := chromedp.Run(tab,
		emulation.SetEmulatedMedia().WithMedia(o.media).WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: theme}}),
		chromedp.EmulateViewport(int64(width), int64(height), chromedp.EmulateScale(o.scale)),
		chromedp.Navigate(address),
		chromedp.Poll(`(dispatchEvent(new Event("scroll")), document.documentElement.hasAttribute("data-live")) && document.fonts.status === "loaded"`, nil, chromedp.WithPollingTimeout(30*time.Second)),
		chromedp.Sleep(300*time.Millisecond),
		chromedp.ActionFunc(func(ctx context.Context) error {
			if o.height != 0 {
				return nil
			}
			// Charts are drawn when they are near the window: make it as high as the page.
			var whole int64
			if err := chromedp.Evaluate(`Math.ceil(document.documentElement.scrollHeight)`, &whole).Do(ctx); err != nil {
				return err
			}
			return chromedp.EmulateViewport(int64(width), max(whole, 900), chromedp.EmulateScale(o.scale)).Do(ctx)
		}),
		chromedp.Evaluate(o.script+"\n;0", nil),
		chromedp.Poll(o.until, nil, chromedp.WithPollingTimeout(time.Minute)),
		chromedp.Sleep(400*time.Millisecond),
		chromedp.CaptureScreenshot(&picture),
	)
	return picture, err
}
