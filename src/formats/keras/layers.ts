/**
 * Classes of layers that Keras itself has or had. Before Keras 3 a configuration named a class without its module, so only
 * this list tells Keras' own from others.
 */
export const KERAS_LAYERS: ReadonlySet<string> = new Set(
  (
    'AbstractRNNCell Activation ActivityRegularization AdaptiveAveragePooling1D AdaptiveAveragePooling2D AdaptiveAveragePooling3D ' +
    'AdaptiveMaxPooling1D AdaptiveMaxPooling2D AdaptiveMaxPooling3D Add AddLoss AddMetric AdditiveAttention AlphaDropout Attention ' +
    'AugMix AutoContrast Average AveragePooling1D AveragePooling2D AveragePooling3D AvgPool1D AvgPool2D AvgPool3D BaseDenseAttention ' +
    'BatchNormalization BatchNormalizationV1 BatchNormalizationV2 Bidirectional CategoryCrossing CategoryEncoding CenterCrop ' +
    'ClassMethod Concatenate ContrastLimitedAdaptiveHistogramEqualization Conv Conv1D Conv1DTranspose Conv2D Conv2DTranspose Conv3D ' +
    'Conv3DTranspose ConvLSTM1D ConvLSTM2D ConvLSTM2DCell ConvLSTM3D ConvRNN2D Convolution1D Convolution1DTranspose Convolution2D ' +
    'Convolution2DTranspose Convolution3D Convolution3DTranspose Cropping1D Cropping2D Cropping3D CuDNNGRU CuDNNLSTM CutMix Deconv2D ' +
    'Deconv3D Deconvolution2D Deconvolution3D Dense DenseFeatures DepthwiseConv1D DepthwiseConv2D DeviceWrapper Discretization Dot ' +
    'Dropout DropoutWrapper ELU EinsumDense Embedding Equalization Flatten FlaxLayer Functional GRU GRUCell GRUCellV1 GRUV1 ' +
    'GaussianDropout GaussianNoise GlobalAveragePooling1D GlobalAveragePooling2D GlobalAveragePooling3D GlobalAvgPool1D ' +
    'GlobalAvgPool2D GlobalAvgPool3D GlobalMaxPool1D GlobalMaxPool2D GlobalMaxPool3D GlobalMaxPooling1D GlobalMaxPooling2D ' +
    'GlobalMaxPooling3D GlobalPooling1D GlobalPooling2D GlobalPooling3D GroupNormalization GroupQueryAttention HashedCrossing ' +
    'Hashing Highway Identity InputLayer InstanceMethod InstanceProperty IntegerLookup JaxLayer LSTM LSTMCell LSTMCellV1 LSTMV1 ' +
    'Lambda Layer LayerNormalization LeakyReLU LinearModel LocallyConnected1D LocallyConnected2D Masking MaxNumBoundingBoxes ' +
    'MaxPool1D MaxPool2D MaxPool3D MaxPooling1D MaxPooling2D MaxPooling3D Maximum MaxoutDense MelSpectrogram Merge Minimum MixUp ' +
    'Model MultiHeadAttention Multiply Normalization PReLU PeepholeLSTMCell Permute Pipeline Pooling1D Pooling2D Pooling3D ' +
    'PreprocessingLayer RMSNormalization RNN RandAugment RandomBrightness RandomColorDegeneration RandomColorJitter RandomContrast ' +
    'RandomCrop RandomElasticTransform RandomErasing RandomFlip RandomGaussianBlur RandomGrayscale RandomHeight RandomHue ' +
    'RandomInvert RandomPerspective RandomPosterization RandomRotation RandomSaturation RandomSharpness RandomShear ' +
    'RandomTranslation RandomWidth RandomZoom ReLU RepeatVector Rescaling Reshape ResidualWrapper Resizing ReversibleEmbedding ' +
    'STFTSpectrogram SeparableConv SeparableConv1D SeparableConv2D SeparableConvolution1D SeparableConvolution2D SequenceFeatures ' +
    'Sequential SimpleRNN SimpleRNNCell SlicingOpLambda Softmax Solarization SpatialDropout1D SpatialDropout2D SpatialDropout3D ' +
    'SpectralNormalization StackedRNNCells StringLookup Subtract SyncBatchNormalization TFOpLambda TFSMLayer TensorFlowOpLayer ' +
    'TextVectorization ThresholdedReLU TimeDistributed TorchModuleWrapper UnitNormalization UpSampling1D UpSampling2D UpSampling3D ' +
    'WideDeepModel Wrapper ZeroPadding1D ZeroPadding2D ZeroPadding3D'
  ).split(' '),
);
