namespace CortexMl.Frontends;

/// <summary>
/// Operators that a file holds in their form for training: they compute with the batch at hand, or at random. Such a file was exported by
/// mistake, and what it would do is not what was trained for: it is refused, in every format and opset, with the same advice.
/// </summary>
internal static class TrainingForm
{
    private const string Advice =
        "export the model for inference (in PyTorch model.eval() and training=TrainingMode.EVAL, in Keras training=False), ";

    /// <param name="sign">What in the file says so: <c>training_mode = 1</c>.</param>
    public static NodeException BatchNorm(string sign, string remedy) => Refused(
        sign, "it normalises by the mean and variance of the batch at hand, not by those that it was trained with", remedy);

    public static NodeException Dropout(string sign, string remedy) => Refused(sign, "it drops elements at random", remedy);

    /// <param name="remedy">How to change the file itself.</param>
    private static NodeException Refused(string sign, string meaning, string remedy) => new(
        FrontendCodes.TrainingForm, $"it is in its form for training ({sign}): {meaning}", Advice + remedy);
}
