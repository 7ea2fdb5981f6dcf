import {
  Relu6,
  logicalAnd,
  mul,
  cast,
  greater,
  less,
  registerGradient,
  unregisterGradient,
  type Tensor,
} from "@tensorflow/tfjs-core";

/** Keras' derivative of relu6 is 0 at 0 and at 6; tfjs' is 1 at 6. */
export function registerKerasGradients(): void {
  unregisterGradient(Relu6);
  registerGradient({
    kernelName: Relu6,
    inputsToSave: ["x"],
    gradFunc: (dy, saved) => {
      const [x] = saved as [Tensor];
      return { x: () => mul(dy as Tensor, cast(logicalAnd(greater(x, 0), less(x, 6)), "float32")) };
    },
  });
}
