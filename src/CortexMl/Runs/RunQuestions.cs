namespace CortexMl.Runs;

/// <summary>What <see cref="RunGuess"/> asks, word for word: whoever answers in a person's place knows a question by it.</summary>
internal static class RunQuestions
{
    public const string Data = "calibration data (100 to 500 typical inputs)";

    public const string Test = "test data, with labels";

    public const string Labels = "labels of the test data";

    public const string Preparation = "preparation of the data, as options";

    public const string Output = "folder for the result";
}
