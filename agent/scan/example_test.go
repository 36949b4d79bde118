package scan_test

import (
	"context"
	"fmt"
	"io"
	"log"

	"github.com/dzong-id/dzong/agent/scan"
	"github.com/dzong-id/dzong/drivers/camera/cameratest"
)

// A scanner takes frames from any camera and says what came into view.
func ExampleScanner() {
	code, err := scan.Encode([]byte("https://bank.example/kiosk/thimphu/1"), scan.M)
	if err != nil {
		log.Fatal(err)
	}
	source := cameratest.Play(cameratest.Photograph(code.Modules, 1, cameratest.Handheld()))
	defer source.Close()

	scanner := scan.New(scan.Options{})
	for {
		frame, err := source.Next(context.Background())
		if err == io.EOF {
			break
		}
		if err != nil {
			log.Fatal(err)
		}
		seen, err := scanner.Scan(frame)
		frame.Release()
		if err != nil {
			log.Fatal(err)
		}
		for _, payload := range seen.Payloads { // once, however long it is held there
			fmt.Printf("version %d: %s\n", payload.Version, payload.Bytes)
		}
	}
	// Output:
	// version 3: https://bank.example/kiosk/thimphu/1
}
