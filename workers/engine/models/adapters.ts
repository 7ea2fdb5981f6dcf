/** What stands between Tamis' pictures (RGB) and probabilities, and a network that was made for something else. */
import type { Channels, ModelMetadata } from "../../../src/domain/model/model.ts";
import * as tf from "../backends/tensors.ts";
import type { LoadedNetwork } from "./loaded-network.ts";

/** Weights of red, green and blue in the luminance (ITU-R BT.601), as Pillow's and TensorFlow's grey has them. */
const luminance = [0.299, 0.587, 0.114];

/** The network as `preprocessing.channels` and `output.logits` say. */
export function withAdapters(
  network: LoadedNetwork,
  { preprocessing: { channels }, output }: ModelMetadata,
): LoadedNetwork {
  if (!channels && !output.logits) return network;
  return {
    ...network,
    predictOnBatch(pictures) {
      const given = channels ? arranged(pictures, channels) : pictures;
      const answer = network.predictOnBatch(given);
      if (!output.logits) return answer;
      if (output.kind === "sigmoid") return tf.sigmoid(answer);
      return tf.softmax(tf.reshape(answer, [answer.shape[0], -1]));
    },
  };
}

/** Pictures of red, green and blue as the network takes them. */
export function arranged(pictures: tf.Tensor4D, { order, scale, offset }: Channels): tf.Tensor4D {
  return tf.tidy(() => {
    const ordered =
      order === "grey"
        ? tf.sum(tf.mul(pictures, tf.tensor1d(luminance)), 3, true)
        : order === "bgr"
          ? tf.reverse(pictures, 3)
          : pictures;
    return tf.add<tf.Tensor4D>(tf.mul(ordered, tf.tensor1d([...scale])), tf.tensor1d([...offset]));
  });
}
