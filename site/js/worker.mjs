// The page's program without a page, for work that takes longer than a frame. The first message is the program, compiled
// by the page already; it then takes the messages itself (wasm/page/serve.go). If it ends, it broke: that is said.
import "wasm_exec";

const ended = (reason) => postMessage({ ended: reason });

onmessage = async ({ data }) => {
  onmessage = null;
  try {
    const go = new Go();
    const instance = await WebAssembly.instantiate(data, go.importObject);
    await go.run(instance);
    ended("the program ended");
  } catch (error) {
    ended(error.message);
  }
};
