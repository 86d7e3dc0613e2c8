using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using CortexMl.Diagnostics;
using CortexMl.Runs;
using CortexMl.Serve.Jobs;
using Prepared = CortexMl.Data.Preprocess.Preprocessing;

namespace CortexMl.Serve.Looking;

/// <summary>What a page says about a job: names of its files, and how the data are prepared. What is null is looked for.</summary>
internal sealed record JobWish
{
    private const int MostSamples = 100_000;

    /// <summary>In decibels, as the command allows it.</summary>
    private const double LeastDb = 0, MostDb = 80;

    public string? Model { get; init; }

    public string? Data { get; init; }

    public string? Test { get; init; }

    public string? Labels { get; init; }

    /// <summary>The members of <see cref="Prepared"/>, and no others.</summary>
    public JsonObject? Preparation { get; init; }

    public int? Samples { get; init; }

    public double? TargetDrop { get; init; }

    /// <summary>Decibels that every output shall reach; null for what the default pipeline wants.</summary>
    public double? MinDb { get; init; }

    /// <exception cref="DiagnosticException">CML0807.</exception>
    public Prepared Preprocessing() => Preparation is null ? Prepared.None
        : Prepared.FromJson(Preparation.ToJsonString());

    /// <summary>The path of a file of the job that is named; null where none is.</summary>
    /// <exception cref="DiagnosticException">CML1102, CML1101.</exception>
    public static string? PathIn(Job job, string? name) =>
        string.IsNullOrEmpty(name) ? null : job.Uploads.Existing(name).Below(job.Files);

    /// <summary>The run file of the job. Paths in it are relative to its folder, and all lead to the job's files.</summary>
    /// <param name="inputs">Names and shapes.</param>
    /// <exception cref="DiagnosticException">CML0807, CML1101, CML1102.</exception>
    public RunFile ToRun(Job job, string model, IReadOnlyList<(string Name, Tensors.Shape Shape)> inputs)
    {
        if (Samples is < 1 or > MostSamples || TargetDrop is < 0 or > 100 or double.NaN)
            throw new DiagnosticException(ServeCodes.Request, string.Create(CultureInfo.InvariantCulture,
                $"at most {Counted.Grouped(MostSamples, "sample")} can be taken, and accuracy may drop by 0 to 100 points"));
        if (MinDb is < LeastDb or > MostDb or double.NaN)
            throw new DiagnosticException(ServeCodes.Request, string.Create(CultureInfo.InvariantCulture,
                $"signal to noise is wanted between {LeastDb} and {MostDb} dB"));
        var shapes = new JsonObject();
        foreach (var (name, shape) in inputs) shapes[name] = new JsonArray([.. shape.Select(dim => (JsonNode)dim)]);
        List<RunMember> members = [new(RunFile.ModelMember, Stored(job, model)), new("input", shapes)];
        if (string.IsNullOrEmpty(Data)) members.Add(new("randomData", 8));
        else
        {
            members.Add(new("data", Stored(job, Data)));
            if (Samples is { } samples) members.Add(new("samples", samples));
        }
        if (Preprocessing() is var preparation && !(string.IsNullOrEmpty(Data) && string.IsNullOrEmpty(Test)))
            members.AddRange(PreparationMembers.Of(preparation.ToString()));
        if (!string.IsNullOrEmpty(Test))
        {
            members.Add(new("test", Stored(job, Test)));
            if (!string.IsNullOrEmpty(Labels)) members.Add(new("labels", Stored(job, Labels)));
            if (TargetDrop is { } drop) members.Add(new("targetDrop", drop));
        }
        if (MinDb is { } decibels) members.Add(new("minDb", decibels));
        members.Add(new("output", Job.OutputName));
        return new(members);
    }

    /// <exception cref="DiagnosticException">CML1101.</exception>
    public static JobWish Parse(string text)
    {
        try
        {
            return Reports.JsonText.Read<JobWish>(text) ?? new();
        }
        catch (JsonException error)
        {
            throw new DiagnosticException(ServeCodes.Request, $"the wish cannot be read: {JsonProblem.Of(error)}");
        }
    }

    private static string Stored(Job job, string name) => $"{Job.FilesName}/{job.Uploads.Existing(name).Text}";
}
