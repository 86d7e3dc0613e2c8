using CortexMl.Diagnostics;
using CortexMl.Passes;

namespace CortexMl.Data.Preprocess;

/// <summary>
/// How the data of one model are prepared, and who said so: what the command line says replaces what is stored with the model, one by one.
/// </summary>
/// <param name="Stored">What calibration did; null where the model does not tell.</param>
/// <param name="Said">What was said now.</param>
/// <param name="DropsStored">Whether what is stored was left out on purpose.</param>
public sealed record Preparation(Preprocessing? Stored, Preprocessing Said, bool DropsStored = false)
{
    /// <exception cref="DiagnosticException">CML0807: the options contradict each other.</exception>
    public Preprocessing InForce =>
        Stored is null || DropsStored || Stored == Preprocessing.None ? Preprocessing.Checked(Said) : Merged(Stored);

    /// <summary>
    /// For people: <c>--channels gray --scale 1/255: --channels gray from the command line, the rest stored with the model</c>. Null where
    /// nothing is known and nothing was said.
    /// </summary>
    public string? Explanation()
    {
        string stored = Stored?.ToString() ?? "", said = Said.ToString();
        string given = said.Length == 0 ? "nothing" : $"{said}, from the command line";
        if (stored.Length > 0 && DropsStored) return $"{given}; {stored}, stored with the model, is left out";
        if (said.Length == 0 && Stored is null) return null;
        if (said.Length == 0) return stored.Length == 0 ? "nothing, as in calibration" : $"{stored}, stored with the model";
        if (stored.Length == 0) return given;
        string[] replaced = [.. Stored!.Spelled().Where(option => Says(option) && !Said.Spelled().Contains(option))];
        string instead = replaced.Length > 0 ? $" in place of {string.Join(' ', replaced)}" : "";
        return $"{InForce}: {said} from the command line{instead}{(Stored.Spelled().All(Says) ? "" : ", the rest stored with the model")}";
    }

    /// <summary>As the command line spells it: what was done to these samples.</summary>
    public static string Of(ISampleSource samples) => Preprocessing.FromJson(samples.Preparation).ToString();

    private bool Says(string option) => Said.Spelled().Any(said => Name(said) == Name(option));

    private static string Name(string option) => option.Split(' ')[0];

    private Preprocessing Merged(Preprocessing stored)
    {
        try
        {
            return Preprocessing.Checked(stored.With(Said));
        }
        catch (DiagnosticException error) when (Said != Preprocessing.None)
        {
            string hint = $"with the model is stored {stored}; --no-stored-prep leaves that out";
            throw new DiagnosticException([.. error.Diagnostics.Select(d => d with { Hint = hint })]);
        }
    }
}
