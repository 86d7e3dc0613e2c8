using CortexMl.Passes.Calibrate.Methods;

namespace CortexMl.Cli.Presentation;

/// <summary>What there is to choose from, for the help of the commands in which it is chosen.</summary>
internal static class ChoiceTexts
{
    /// <summary>The methods of calibrate, and how one of them is asked for; those of plugins are of a run, not of the command.</summary>
    public static string Methods()
    {
        CalibrationMethod[] all =
            [.. CalibrationMethods.All.Where(m => m.Choose.Method.Module.Assembly == typeof(CalibrationMethod).Assembly)];
        string[] chosen = [.. all.Select(m => (m.Name, Text: m.Doc)).Append(("auto", "for each value what errs least where it is read"))
            .Select(m => $"  {m.Item1,-12}{m.Item2}")];
        return $"Methods that choose thresholds ({Passes.Calibrate.Calibrate.Record.Option("method")!.Default} without a word):\n"
            + string.Join('\n', chosen)
                + "\nOne is asked for by --passes 'default,calibrate{method=percentile}@instead', or by \"method\" on a line of a scheme.";
    }

    /// <summary>What a scheme is for.</summary>
    public static string Scheme() =>
        """
        A scheme (model.scheme.json) has a line for each value and each layer, and says for it, where that is to be fixed:
          within      the threshold                    bits         of what reads the value
          method      that chooses the threshold       data, weights  8 or 15 bits of a layer
          centred     whether data are centred on 0    rounding     nearest, or by what layers read
        A line may be about a pattern: {"operator": "nn.conv2d", "weights": 15}. What is left out is decided as without a scheme.
        """.ReplaceLineEndings("\n");
}
