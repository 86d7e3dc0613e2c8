namespace CortexMl;

/// <summary>Diagnostics of the front door: 092x, 093x, 098x and 099x.</summary>
public static class LibraryCodes
{
    /// <summary>A path that is no model, or one of a kind that cannot be read.</summary>
    public const string UnknownModel = "CML0920";

    /// <summary>A pipeline calibrates, but nothing was given to calibrate with.</summary>
    public const string NoCalibration = "CML0921";

    /// <summary>A model without a scale of its input got real data.</summary>
    public const string NoScale = "CML0922";
    public const string UnknownEngine = "CML0923";

    /// <summary>A model of another level than the command works on.</summary>
    public const string WrongLevel = "CML0924";

    /// <summary>model.io.json that cannot be read or does not belong to the model.</summary>
    public const string ModelIo = "CML0925";

    /// <summary>Integer data outside the input's precision, or no integers.</summary>
    public const string IntegerRange = "CML0926";

    /// <summary>An operation of a CVM model on which the reference's devices may disagree.</summary>
    public const string Divergent = "CML0928";

    /// <summary>The interpreter runs a model that no other engine can.</summary>
    public const string EngineFallback = "CML0929";

    /// <summary>Thresholds can come from one source only.</summary>
    public const string SeveralCalibrations = "CML0930";

    /// <summary>Raw inputs given by name do not fit the model's inputs.</summary>
    public const string RawInput = "CML0938";

    /// <summary>Labels are needed, or do not fit the network's outputs.</summary>
    public const string Labels = "CML0927";

    /// <summary>A float network that names hardly any class rightly: its data or labels are not what it was trained on.</summary>
    public const string Inaccurate = "CML0949";

    /// <summary>More outputs than there is room for, or than are looked at.</summary>
    public const string SeveralOutputs = "CML0945";

    /// <summary>An input or output without elements, which no CVM model can have.</summary>
    public const string NoElements = "CML0947";

    /// <summary>Warning: logits in steps too large for a softmax of them.</summary>
    public const string CoarseLogits = "CML0948";

    /// <summary>Warning: an output that is mostly noise.</summary>
    public const string Noisy = "CML0955";

    /// <summary>Warning: values that became zero.</summary>
    public const string Dead = "CML0956";

    /// <summary>Warning: the integers lose right answers of the float network.</summary>
    public const string Drop = "CML0957";

    /// <summary>Warning: weights or biases of a layer that became zero, where that matters.</summary>
    public const string Underflow = "CML0958";

    /// <summary>Warning: values or outputs beyond what their integers reach.</summary>
    public const string Saturated = "CML0959";

    /// <summary>Warning: an output that is noisier than was asked for.</summary>
    public const string BelowTarget = "CML0970";

    /// <summary>A metric that there is not.</summary>
    public const string Metric = "CML0974";

    /// <summary>Labels that a metric needs, cannot read, or does not look at.</summary>
    public const string MetricLabels = "CML0975";

    /// <summary>A model that a metric cannot measure: its outputs are something else, or there is no float network beside it.</summary>
    public const string MetricUnfit = "CML0976";

    /// <summary>Warning: a metric that drops by more than was asked for.</summary>
    public const string DropNotReached = "CML0977";

    /// <summary>Note: samples that chose how a model is compiled, which cannot test it any more.</summary>
    public const string ChosenByTest = "CML0978";

    /// <summary>Note: a last step of the network is done in float, or left to do.</summary>
    public const string LastStep = "CML0946";

    /// <summary>Something to compare speed with that cannot run this network, or is not at hand.</summary>
    public const string NoPeer = "CML0932";

    /// <summary>A graph for one sample that cannot become one for several.</summary>
    public const string NotBatchable = "CML0933";

    /// <summary>Names that do not cut a network in two; as a note, what comes behind the compiled part.</summary>
    public const string Split = "CML0979";

    /// <summary>Two networks without a value in common.</summary>
    public const string NothingToCompare = "CML0980";

    /// <summary>A condition that cannot be read, or that does not hold where it has to.</summary>
    public const string Condition = "CML0981";

    /// <summary>What makes no sense while operations stay in float, or cannot be told of them.</summary>
    public const string RestoreUnfit = "CML0982";

    /// <summary>Note: operations stayed in float, so that there is nothing to upload.</summary>
    public const string Mixture = "CML0983";

    /// <summary>A run file that cannot be read, or that says what no run has.</summary>
    public const string RunFile = "CML0984";

    /// <summary>A file in the place of the run file that a compilation writes.</summary>
    public const string RunFileInTheWay = "CML0985";

    /// <summary>A configuration of the reference tool that cannot be read, or names what cannot be had.</summary>
    public const string Configuration = "CML0986";

    /// <summary>Warning or note: what a configuration of the reference tool says and a run file cannot, or need not.</summary>
    public const string Untaken = "CML0987";

    /// <summary>A number of an option outside its range.</summary>
    public const string OptionRange = "CML0934";

    /// <summary>An option that nothing of what was asked for takes up.</summary>
    public const string OptionUnused = "CML0935";

    /// <summary>States of a stream that a network does not have, or that fit no input; and which were found.</summary>
    public const string States = "CML0988";

    /// <summary>A file that is no transcript of a run, or one of a form that is not read.</summary>
    public const string Transcript = "CML0990";

    /// <summary>A transcript whose root is not that of its digests.</summary>
    public const string TranscriptRoot = "CML0991";

    /// <summary>A transcript that does not fit what it is audited with, or a run of which there can be none.</summary>
    public const string TranscriptUnfit = "CML0992";

    /// <summary>Values that do not open a layer of a transcript.</summary>
    public const string Opening = "CML0993";

    /// <summary>The npm package with ONNX Runtime for browsers is not there, or has other files.</summary>
    public const string WebRuntime = "CML0996";
}
