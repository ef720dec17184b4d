// Serve serves the built site on loopback, as a static host would: the headers
// of dist/_headers on every answer, brotli where the browser takes it.
//
//	go run ./scripts/serve -port 8080
//
// Port 0, the default, takes a free one. The address is the first line on standard output.
package main

import (
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"
)

func main() {
	port := flag.Int("port", 0, "port on 127.0.0.1; 0 takes a free one")
	directory := flag.String("dir", "dist", "the built site")
	compressed := flag.String("brotli", "build/brotli", "the same files compressed, as scripts/build leaves them")
	flag.Parse()
	if err := serve(*port, *directory, *compressed); err != nil {
		fmt.Fprintln(os.Stderr, "serve:", err)
		os.Exit(1)
	}
}

func serve(port int, directory, compressed string) error {
	site, err := newSite(directory, compressed)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	if err != nil {
		return err
	}
	fmt.Printf("http://%s/\n", listener.Addr())
	server := &http.Server{Handler: site, ReadHeaderTimeout: 10 * time.Second}
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, os.Interrupt, syscall.SIGTERM)
	go func() {
		<-stop
		server.Close()
	}()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
